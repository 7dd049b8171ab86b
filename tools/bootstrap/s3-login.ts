/** The S3 server of the tests in a record of processes. */
export const S3_PROCESS = 's3';

/** Where an S3 server is, and the keys of an account that may do anything there. */
export interface S3Login {
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
}
