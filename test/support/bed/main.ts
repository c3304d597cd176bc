import { rm, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type BedAddress, startBed } from './bed.ts';
import { credentials, region } from './ministack.ts';

// `npm run bed [-- --address-file FILE]`: the test bed by hand, until Ctrl-C

const { values } = parseArgs({ options: { 'address-file': { type: 'string' } } });
const addressFile = values['address-file'];

const guide = ({ awsEndpoint, athenaEndpoint, trinoUrl }: BedAddress, told: string): string => `
S3, Glue   ${awsEndpoint}
Athena     ${athenaEndpoint}
Trino      ${trinoUrl}

In another terminal:

  export AWS_ENDPOINT_URL=${awsEndpoint} AWS_ENDPOINT_URL_ATHENA=${athenaEndpoint}
  export AWS_REGION=${region} AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}

  aws s3 mb s3://try-results
  aws athena start-query-execution --query-string 'select 1 as one' \\
    --result-configuration OutputLocation=s3://try-results/
  aws athena get-query-results --query-execution-id ID

  DONGU_BED='${told}' npm run test:athena    # the tests, on this bed

Ctrl-C stops it, and everything in it is gone.
`;

const bed = await startBed();
const told = JSON.stringify(bed.address);
if (addressFile !== undefined) await writeFile(addressFile, `${told}\n`);
console.log(guide(bed.address, addressFile ?? told));

const ask = Promise.withResolvers<void>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ask.resolve());
// something has to keep the process waiting: the services alone need not
const waiting = setInterval(() => undefined, 60_000);
await ask.promise;
clearInterval(waiting);
console.log('stopping the test bed');
await bed.stop();
if (addressFile !== undefined) await rm(addressFile, { force: true });
