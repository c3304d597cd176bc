import type { GateCall } from '../../../../test/support/bed/gate.ts';
import type { Wish } from './policy.ts';

/** Where things are that a call names without its whole ARN. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** ARNs of keys by bucket. */
  readonly bucketKeys: ReadonlyMap<string, string>;
  /** ARNs of keys by ARN of a queue or of a secret. */
  readonly otherKeys: ReadonlyMap<string, string>;
  /** ARN of a secret by its name. */
  readonly secretArn: (nameOrArn: string) => string;
  /** The work group in which executions of this caller run. */
  readonly workGroup: string | undefined;
}

const wish = (action: string, resource: string, context: Wish['context'] = {}): Wish => ({
  action,
  resource,
  context,
});

interface Json {
  readonly [name: string]: unknown;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

interface S3Request {
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

function s3Request({ path }: GateCall): S3Request {
  const at = path.indexOf('?');
  const [, bucket = '', ...rest] = (at < 0 ? path : path.slice(0, at)).split('/');
  return {
    bucket,
    key: decodeURIComponent(rest.join('/')),
    query: new URLSearchParams(at < 0 ? '' : path.slice(at)),
  };
}

function bucketActions(method: string, query: URLSearchParams): readonly string[] {
  if (query.has('versions')) return ['s3:ListBucketVersions'];
  if (query.has('uploads')) return ['s3:ListBucketMultipartUploads'];
  if (query.has('location')) return ['s3:GetBucketLocation'];
  if (method === 'GET' || method === 'HEAD') return ['s3:ListBucket'];
  return [];
}

function objectActions(method: string, query: URLSearchParams): readonly string[] {
  const version = query.has('versionId') ? 'Version' : '';
  if (query.has('tagging')) return [`s3:${method === 'GET' ? 'Get' : 'Put'}ObjectTagging`];
  if (method === 'GET' && query.has('uploadId')) return ['s3:ListMultipartUploadParts'];
  if (method === 'GET' || method === 'HEAD') return [`s3:GetObject${version}`];
  if (method === 'PUT' || method === 'POST') return ['s3:PutObject'];
  if (method === 'DELETE' && query.has('uploadId')) return ['s3:AbortMultipartUpload'];
  if (method === 'DELETE') return [`s3:DeleteObject${version}`];
  return [];
}

function keyWishes(actions: readonly string[], key: string | undefined): readonly Wish[] {
  if (key === undefined) return [];
  return actions.flatMap((action) => {
    if (action.startsWith('s3:GetObject') && action !== 's3:GetObjectTagging')
      return [wish('kms:Decrypt', key)];
    return action === 's3:PutObject' ? [wish('kms:GenerateDataKey', key)] : [];
  });
}

function deletedKeys(body: string): readonly string[] {
  return [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
}

function s3Wishes(call: GateCall, place: Place): readonly Wish[] | undefined {
  const { bucket, key, query } = s3Request(call);
  const arn = `arn:aws:s3:::${bucket}`;
  if (key === '' && call.method === 'POST' && query.has('delete')) {
    return deletedKeys(call.body).map((one) => wish('s3:DeleteObject', `${arn}/${one}`));
  }
  if (key === '') {
    const actions = bucketActions(call.method, query);
    const prefix = query.get('prefix') ?? '';
    return actions.length === 0
      ? undefined
      : actions.map((action) => wish(action, arn, { 's3:prefix': prefix }));
  }
  const actions = objectActions(call.method, query);
  if (actions.length === 0) return undefined;
  const source = call.headers['x-amz-copy-source'];
  const [from = '', ...fromKey] = decodeURIComponent((source ?? '').replace(/^\//, '')).split('/');
  return [
    ...actions.map((action) => wish(action, `${arn}/${key}`)),
    ...keyWishes(actions, place.bucketKeys.get(bucket)),
    ...(source === undefined
      ? []
      : [
          wish('s3:GetObject', `arn:aws:s3:::${from}/${fromKey.join('/')}`),
          ...keyWishes(['s3:GetObject'], place.bucketKeys.get(from)),
        ]),
  ];
}

const keyed = (key: string | undefined, ...actions: readonly string[]): readonly Wish[] =>
  key === undefined ? [] : actions.map((action) => wish(action, key));

function sqsWishes(operation: string, input: Json, { account, region, otherKeys }: Place): readonly Wish[] {
  const arn = `arn:aws:sqs:${region}:${account}:${text(input.QueueUrl).split('/').at(-1)}`;
  const sends = operation.startsWith('SendMessage');
  const action = operation.replace(/Batch$/, '');
  return [
    wish(`sqs:${action}`, arn),
    ...keyed(otherKeys.get(arn), ...(sends ? ['kms:GenerateDataKey', 'kms:Decrypt'] : [])),
  ];
}

function secretWishes(operation: string, input: Json, { secretArn, otherKeys }: Place): readonly Wish[] {
  const arn = secretArn(text(input.SecretId));
  return [wish(`secretsmanager:${operation}`, arn), ...keyed(otherKeys.get(arn), 'kms:Decrypt')];
}

function athenaWishes(operation: string, input: Json, place: Place): readonly Wish[] {
  const group = text(input.WorkGroup) || place.workGroup || 'primary';
  return [wish(`athena:${operation}`, `arn:aws:athena:${place.region}:${place.account}:workgroup/${group}`)];
}

/** Trino keeps statistics of columns in Glue; Athena does so only when it is asked to. */
const ofTrinoOnly = /ColumnStatistics/;

function glueWishes(operation: string, input: Json, { account, region }: Place): readonly Wish[] {
  if (ofTrinoOnly.test(operation)) return [];
  const arn = `arn:aws:glue:${region}:${account}:`;
  const database = text(input.DatabaseName) || (operation.includes('Database') ? text(input.Name) : '');
  const tableInput = input.TableInput as Json | undefined;
  const table =
    text(input.TableName) || text(tableInput?.Name) || (operation.includes('Table') ? text(input.Name) : '');
  const name = operation === 'GetTables' ? '*' : table;
  const resources = [
    'catalog',
    ...(database === '' ? [] : [`database/${database}`]),
    ...(name === '' ? [] : [`table/${database}/${name}`]),
  ];
  return resources.map((resource) => wish(`glue:${operation}`, `${arn}${resource}`));
}

/** What a call needs to be allowed; undefined where the call is of a kind that nobody has described here. */
export function wishesOf(call: GateCall, place: Place): readonly Wish[] | undefined {
  if (call.service === 's3') return s3Wishes(call, place);
  const operation = (call.headers['x-amz-target'] ?? '').split('.').at(-1) ?? '';
  if (operation === '') return undefined;
  const input: Json = JSON.parse(call.body || '{}');
  switch (call.service) {
    case 'sqs':
      return sqsWishes(operation, input, place);
    case 'secretsmanager':
      return secretWishes(operation, input, place);
    case 'athena':
      return athenaWishes(operation, input, place);
    case 'glue':
      return glueWishes(operation, input, place);
    default:
      return undefined;
  }
}
