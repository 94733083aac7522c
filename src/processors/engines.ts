/** What operations use beside their input: child processes, the warm office, a few settings. One bundle per instance. */
import { type Children, createChildren } from './children.ts';
import { createOffices } from './doc/offices.ts';
import type { Office } from './doc/soffice.ts';
import { createFindings, type Findings } from './media/findings.ts';
import type { Results } from './results.ts';

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
  /** Offices at once, each with one document. */
  readonly offices: number;
}

/** A run of a family's engines, how it ended and how long it took. */
export type Ran = (run: {
  readonly family: string;
  readonly outcome: 'ok' | 'failed';
  readonly seconds: number;
}) => void;

export interface Engines {
  readonly children: Children;
  readonly office: Office;
  /** What was made earlier and may be asked for again. */
  readonly results: Results;
  /** What is inside media files. */
  readonly findings: Findings;
  readonly settings: EngineSettings;
  /** Told of every run that is over. */
  readonly ran: Ran;
  /** Ends every child process. */
  close(): Promise<void>;
}

/** @param dir a directory of the data directory that the engines may fill; emptied at start */
export function createEngines(dir: string, settings: EngineSettings, results: Results, ran: Ran = () => {}): Engines {
  const children = createChildren();
  const office = createOffices(dir, children, settings.offices);
  return {
    children,
    office,
    results,
    findings: createFindings(),
    settings,
    ran,
    async close() {
      await office.close();
      children.close();
    },
  };
}
