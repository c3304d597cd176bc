// Sends with RudderStack's own SDK, zipped: node rudder-node.mjs HOST KEY COUNT PREFIX. Tells what was acknowledged.
import Analytics from '@rudderstack/rudder-sdk-node';

const [host, writeKey, count, prefix] = process.argv.slice(2);
const failed = [];
const analytics = new Analytics(writeKey, {
  dataPlaneUrl: host,
  flushAt: 50,
  flushInterval: 200,
  retryCount: 20,
  logLevel: 'silent',
  errorHandler: (error) => failed.push(String(error)),
});

const acknowledged = [];
const sent = Array.from({ length: Number(count) }, (_, number) => {
  const messageId = `${prefix}-${number}`;
  return new Promise((done) => {
    analytics.track(
      {
        messageId,
        userId: `${prefix}-customer-${number % 7}`,
        event: 'Product Added',
        properties: { product_id: `P-${number}` },
      },
      (error) => {
        if (!error) {
          acknowledged.push(messageId);
        }
        done();
      },
    );
  });
});
const rest = [
  ['identify', { traits: { email: `${prefix}@example.com` } }],
  ['page', { name: 'Home' }],
  ['screen', { name: 'Home' }],
  ['group', { groupId: 'G-1' }],
  ['alias', { previousId: `${prefix}-anonymous` }],
].map(
  ([type, message]) =>
    new Promise((done) => {
      analytics[type]({ messageId: `${prefix}-${type}`, userId: `${prefix}-customer-0`, ...message }, done);
    }),
);
const timer = setInterval(() => analytics.flush().catch(() => {}), 50);
await Promise.all([...sent, ...rest]);
clearInterval(timer);
process.stdout.write(JSON.stringify({ acknowledged, failed }));
