import type { Directive } from '../../operation.ts';
import { base64Name, optional } from '../../params.ts';

const notify: Directive = {
  name: 'notify',
  summary: 'Sends a message to a topic when the task ends.',
  docs: 'https://www.alibabacloud.com/help/en/oss/user-guide/message-notification',
  modes: ['async'],
  fidelity: {
    level: 'approximate',
    because:
      'all spellings are parsed and checked and the topic is kept with the task, but no message is delivered yet',
  },
  params: {
    topic: optional(base64Name('Name of the topic; without it nothing is sent.')),
  },
};

export default notify;
