/** Who may do what in a bucket. */
export const bucketAcls = ['private', 'public-read', 'public-read-write'] as const;
export type BucketAcl = (typeof bucketAcls)[number];
