/** What this machine can process: engines, ffmpeg's encoders and fonts, each with what is missing for which operation. */
import { type Children, createChildren } from '../../processors/children.ts';
import { describeEngines, type EngineFacts } from '../../processors/engine-facts.ts';
import { describeFonts } from '../../processors/image/fonts.ts';
import { neededEncoders } from '../../processors/media/encoders.ts';
import { hasEncoder } from '../../processors/media/ffmpeg.ts';
import { loadRegistry, type OperationFacts } from '../../processors/registry.ts';

export interface Finding {
  readonly name: string;
  /** `substitute`: it works, in another way than OSS; or few need it. */
  readonly state: 'found' | 'substitute' | 'missing';
  readonly detail: string;
}

export type Health = Readonly<Record<'engines' | 'encoders' | 'fonts', readonly Finding[]>>;

/** Asks all of them; LibreOffice takes a moment to tell. */
export async function healthOfMachine(): Promise<Health> {
  const children = createChildren();
  try {
    return await healthOf(children);
  } finally {
    children.close();
  }
}

async function healthOf(children: Children): Promise<Health> {
  const operations = (await loadRegistry()).describe().filter(({ fidelity }) => fidelity !== 'refused');
  const engines = await describeEngines(children);
  return {
    engines: Object.entries(engines).map(([name, facts]) => engineFinding(name, facts, operations)),
    encoders: engines.ffmpeg?.version === undefined ? [] : await encoderFindings(),
    fonts: await fontFindings(children),
  };
}

function engineFinding(name: string, facts: EngineFacts, operations: readonly OperationFacts[]): Finding {
  if (facts.version !== undefined) return { name, state: 'found', detail: facts.version };
  const without = operations.filter(({ family }) => facts.families.includes(family));
  const named = without.map(({ family, name: operation }) => `${family}/${operation}`);
  return { name, state: 'missing', detail: [`missing: needed for ${facts.neededFor}`, ...named].join(' ') };
}

async function encoderFindings(): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  // One after the other: the first asks ffmpeg, whose answer is remembered.
  for (const { codec, name, rare } of neededEncoders()) {
    const missing = `missing: ${codec} can not be written`;
    if (await hasEncoder(name)) findings.push({ name, state: 'found', detail: codec });
    else if (rare) findings.push({ name, state: 'substitute', detail: `${missing}; most builds lack it` });
    else findings.push({ name, state: 'missing', detail: missing });
  }
  return findings;
}

async function fontFindings(children: Children): Promise<readonly Finding[]> {
  const fonts = Object.entries(await describeFonts(children));
  return fonts.map(([name, { writtenIn, substitute, missing }]) => ({
    name,
    state: missing ? 'missing' : substitute ? 'substitute' : 'found',
    detail: writtenIn,
  }));
}
