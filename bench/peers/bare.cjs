// The least a Node.js server can do for one greeting: node bare.cjs PORT
const http = require('node:http');

http
  .createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const { name } = JSON.parse(Buffer.concat(parts).toString());
      const body = JSON.stringify(`Hello, ${name}!`);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.end(body);
    });
  })
  .listen(Number(process.argv[2]), '127.0.0.1');
