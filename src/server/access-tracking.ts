/** Whether a bucket keeps when its objects were last read: what some lifecycle rules go by. */
import { configurationReader } from './configuration.ts';
import { childText } from './xml.ts';

/** Where it is said: `configurations/access-monitor.ts`. */
export const ACCESS_MONITOR = { key: 'accessmonitor', root: 'AccessMonitorConfiguration' } as const;

export const isTracking = configurationReader(
  ACCESS_MONITOR,
  (root) => childText(root, 'Status')?.trim() === 'Enabled',
);
