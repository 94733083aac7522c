import type { Configuration } from '../configuration.ts';
import { flagIn, malformed, needed, textsOf } from '../configuration-checks.ts';
import type { XmlElement } from '../xml.ts';

const versions = ['TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

const httpsConfig: Configuration = {
  key: 'httpsConfig',
  root: 'HttpsConfiguration',
  names: { put: 'PutBucketHttpsConfig', get: 'GetBucketHttpsConfig' },
  stored: 'there is no TLS here',
  absent: [['TLS', [['Enable', 'false']]]],
  check(root) {
    const tls = needed(root, 'TLS');
    needed(tls, 'Enable');
    const asked = textsOf(tls, 'TLSVersion');
    if (flagIn(tls, 'Enable') === true && asked.length === 0) malformed('TLS needs TLSVersion');
    const unknown = asked.find((version) => !versions.includes(version));
    if (unknown !== undefined) malformed(`TLSVersion must be one of ${versions.join(', ')}, not ${unknown}`);
    return { ...root, children: root.children.map(withoutRepeats) };
  },
};

/** A version is shown once (tests of the Python SDK). */
const withoutRepeats = (element: XmlElement): XmlElement => ({
  ...element,
  children: element.children.filter(
    (child, at, all) => all.findIndex(({ name, text }) => name === child.name && text === child.text) === at,
  ),
});

export default httpsConfig;
