/** Names of objects as they can be read: any text can be one. */

const CONTROL = /[\u0000-\u001f\u007f]/g;

/** What turns the direction of writing, or is not seen at all: a name could look like another. */
const UNSEEN = /[\u0080-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Control characters as the pictures that Unicode has for them, others that are not seen as their numbers. */
export const readable = (name: string): string =>
  name
    .replace(CONTROL, (c) => (c === '\u007f' ? '\u2421' : String.fromCharCode(0x2400 + c.charCodeAt(0))))
    // A joiner between emoji is part of a picture.
    .replace(UNSEEN, (c) => (c === '\u200d' ? c : `‹${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`));

/** A name in a line: what is written from right to left turns nothing around it. */
export const Name = ({ text }: { readonly text: string }) => <bdi class="name">{readable(text)}</bdi>;
