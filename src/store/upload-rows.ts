/** Rows of unfinished uploads. */
import { randomBytes } from 'node:crypto';
import type { ObjectFacts } from './objects.ts';

export interface Upload {
  /** 32 upper-case hexadecimal digits. */
  readonly id: string;
  readonly bucket: number;
  readonly key: string;
  readonly facts: ObjectFacts;
  /** Its parts come one after the other. */
  readonly sequential: boolean;
  readonly initiated: Date;
}

export interface UploadRow {
  id: string;
  bucket: number;
  key: string;
  /** With `sequential` among them. */
  facts: string;
  /** Order of uploads of a key. */
  seq: number;
  initiated: number;
}

export function toUpload({ id, bucket, key, facts: json, initiated }: UploadRow): Upload {
  const { sequential, ...facts } = JSON.parse(json) as ObjectFacts & Pick<Upload, 'sequential'>;
  return { id, bucket, key, facts, sequential, initiated: new Date(initiated) };
}

const SEQ_DIGITS = 16;

/** 32 upper-case hexadecimal digits, of which the first tell the order: a listing goes on behind an upload that has ended. */
export const uploadId = (seq: number): string =>
  `${seq.toString(16).padStart(SEQ_DIGITS, '0')}${randomBytes(8).toString('hex')}`.toUpperCase();

/** @returns `undefined` for what is no id of ours */
export function seqOfUpload(id: string): number | undefined {
  return /^[0-9A-F]{32}$/.test(id) ? Number.parseInt(id.slice(0, SEQ_DIGITS), 16) : undefined;
}
