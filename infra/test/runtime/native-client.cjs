// What the native part of AWS's runtime client does, over Node's HTTP: it asks the Runtime API for the next event and posts what
// became of it. As there, no event is asked for before the last one's end is posted.
const { request } = require('node:http');

// biome-ignore lint/style/noProcessEnv: where Lambda says it
const runtime = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;

let posted = Promise.resolve();

const ask = (method, path, body, headers) =>
  new Promise((resolve, reject) => {
    const asked = request(`${runtime}/${path}`, { method, headers }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (answer.statusCode < 300) {
          resolve({ bodyJson: text, headers: answer.headers });
        } else {
          reject(new Error(`the Runtime API answers ${answer.statusCode} to ${method} ${path}: ${text}`));
        }
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });

const post = (path, body, headers) => {
  posted = ask('POST', path, body, { 'content-type': 'application/json', ...headers });
  // told when the next event is asked for
  posted.catch(() => undefined);
};

exports.next = async () => {
  await posted;
  return ask('GET', 'next');
};

exports.done = (id, body) => post(`${id}/response`, body);

exports.error = (id, body, xray) =>
  post(`${id}/error`, body, {
    'lambda-runtime-function-error-type': JSON.parse(body).errorType,
    'lambda-runtime-function-xray-error-cause': encodeURIComponent(xray).slice(0, 4096),
  });
