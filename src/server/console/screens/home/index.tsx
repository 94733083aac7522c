import { Page } from '../../ui/basics.tsx';

export const Home = () => <Page title="Home" />;
