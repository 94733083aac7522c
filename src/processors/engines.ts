/** What operations use beside their input: child processes, the warm office, a few settings. One bundle per instance. */
import { type Children, createChildren } from './children.ts';
import { createOffice, type Office } from './doc/soffice.ts';

/** Settings of the engines; the rows of the settings table in src/server/config.ts that concern them. */
export interface EngineSettings {
  /** x264/x265 preset: an emulator's users wait for tests, not for bytes. */
  readonly encoderPreset: string;
  /** Bytes a run may write into one media file. */
  readonly maxOutput: number;
  /** When `image/resize` keeps the source's size under `limit_1` (image.md §3.2). */
  readonly limitRule: 'area-or-k' | 'per-side';
  /** Whether a GIF that becomes a WebP keeps all its frames (image.md §2.3). */
  readonly gifToWebpAnimated: boolean;
  /** Whether animated WebP is taken, as from an account on OSS's list (image.md §2.3). */
  readonly animatedWebp: boolean;
}

export interface Engines {
  readonly children: Children;
  readonly office: Office;
  readonly settings: EngineSettings;
  /** Ends every child process. */
  close(): Promise<void>;
}

/** @param dir a directory of the data directory that the engines may fill; emptied at start */
export function createEngines(dir: string, settings: EngineSettings): Engines {
  const children = createChildren();
  const office = createOffice(dir, children);
  return {
    children,
    office,
    settings,
    async close() {
      await office.close();
      children.close();
    },
  };
}
