import { availableParallelism } from 'node:os';
import type { EngineSettings } from '../processors/engines.ts';
import type { Settings } from './config.ts';

/** What of the settings the engines go by. */
export const engineSettingsOf = (settings: Settings): EngineSettings => ({
  encoderPreset: settings['encoder-preset'],
  maxOutput: settings['max-output'] * 1024 ** 2,
  limitRule: settings['image-limit-rule'],
  gifToWebpAnimated: settings['gif-to-webp-animated'],
  animatedWebp: settings['animated-webp'],
  offices: Math.min(settings.workers, availableParallelism()),
});
