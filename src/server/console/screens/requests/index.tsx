import { Page } from '../../ui/basics.tsx';

export const Requests = () => <Page title="Requests" />;
