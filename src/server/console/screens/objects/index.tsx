import { Page } from '../../ui/basics.tsx';

export const Objects = () => <Page title="Objects" />;
