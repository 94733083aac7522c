import { Page } from '../../ui/basics.tsx';

export const Tasks = () => <Page title="Tasks" />;
