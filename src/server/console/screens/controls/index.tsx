import { Page } from '../../ui/basics.tsx';

export const Controls = () => <Page title="Controls" />;
