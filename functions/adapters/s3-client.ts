import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** A client as the environment sets it up. */
export const openS3Client = (settings: S3ClientConfig): S3Client =>
  withPathsAtEndpoint(new S3Client(settings));

/** An emulator, or another store under an address that is set up, has no host name for each bucket; AWS has. */
function withPathsAtEndpoint(s3: S3Client): S3Client {
  s3.middlewareStack.add(
    (next) => async (args) => {
      // looked for in the environment and the profile by the client itself, once
      s3.config.forcePathStyle = (await s3.config.serviceConfiguredEndpoint?.()) !== undefined;
      return next(args);
    },
    { step: 'initialize', name: 'pathsAtEndpoint' },
  );
  return s3;
}
