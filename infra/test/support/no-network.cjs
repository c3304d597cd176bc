// Loaded before a process: whatever it opens to a host breaks off at once. Pipes to other processes stay.
const net = require('node:net');

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...given) {
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  if (typeof options === 'object' && options?.path) {
    return connect.apply(this, given);
  }
  throw new Error('this process has no network');
};
