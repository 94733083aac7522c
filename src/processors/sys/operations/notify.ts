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
      'a message goes to the webhook that the setting notify names for its topic, as plain JSON and not through SMQ, and is listed under /_ossite/messages; without a webhook it is only listed',
  },
  params: {
    topic: optional(base64Name('Name of the topic; without it nothing is sent.')),
  },
};

export default notify;
