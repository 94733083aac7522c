import type { Directive } from '../../operation.ts';
import { base64Name, optional } from '../../params.ts';

const saveas: Directive = {
  name: 'saveas',
  summary: 'Saves what the process string made as an object.',
  docs: 'https://www.alibabacloud.com/help/en/oss/user-guide/sys-or-saveas',
  modes: ['sync', 'async'],
  fidelity: { level: 'full' },
  params: {
    o: base64Name('Key of the object to write; may contain variables such as {barename} and {autoext}.'),
    b: optional(base64Name('Bucket to write to; the source’s own when absent. May contain variables.')),
  },
  // Only this makes the page's own video example, which gives `o` twice, produce the name it prints.
  firstWins: ['o'],
};

export default saveas;
