import { Page } from '../../ui/basics.tsx';

export const Playground = () => <Page title="Playground" />;
