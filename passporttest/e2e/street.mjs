// The street: every https host of the stories on one port of this machine, with
// a certificate of its own making. Chromium takes every name to it, so whatever
// a page asks of anybody is seen here, and nothing leaves the machine.
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {request} from 'node:http';
import {createServer} from 'node:https';
import {join} from 'node:path';

// own are the places that Chromium asks for itself, whatever page it shows.
const own = /^((accounts|clients\d*|www)\.google\.com|.*\.(googleapis|gstatic|gvt1)\.com)$/;

// certificate makes a key and a certificate in a folder, for as long as a test.
function certificate(dir) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=passport.example', '-addext', 'subjectAltName=DNS:*.example', '-keyout', join(dir, 'tls.key'), '-out', join(dir, 'tls.crt')], {stdio: 'ignore'});
  return {key: readFileSync(join(dir, 'tls.key')), cert: readFileSync(join(dir, 'tls.crt'))};
}

// openStreet listens. houses maps a host to the port of a server on loopback, or
// to a function (request, response).
export async function openStreet(dir, houses) {
  const credentials = certificate(dir);
  const street = {asked: [], houses, doors: new Map(), port: 0};
  const answer = (asked, response) => {
    const host = asked.headers.host?.split(':')[0];
    const house = street.houses[host];
    if(!own.test(host)) street.asked.push(`${asked.method} https://${host}${asked.url}`);
    const door = street.doors.get(`${host}${asked.url.split('?')[0]}`);
    if(door) return door(asked, response);
    if(typeof house === 'function') return house(asked, response);
    if(!house) return response.writeHead(502).end('nobody lives here');
    const onward = request({host: '127.0.0.1', port: house, method: asked.method, path: asked.url,
      headers: {...asked.headers, 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7'}}, got => {
      response.writeHead(got.statusCode, got.headers);
      got.pipe(response);
    });
    onward.on('error', () => response.headersSent ? response.destroy() : response.writeHead(502).end('the house is dark'));
    asked.pipe(onward);
  };
  let server;
  const open = port => new Promise((done, failed) => {
    server = createServer(credentials, answer).once('error', failed).listen(port, '127.0.0.1', () => done(server.address().port));
  });
  street.port = await open(0);
  // during runs something and tells what was asked meanwhile. When the browser
  // looks whether there is a newer service worker, is its own affair.
  street.during = async what => {
    const before = street.asked.length;
    await what();
    return street.asked.slice(before).filter(line => !/\/sw\.js$/.test(line));
  };
  // close cuts the street off, as if the machine had no network; reopen ends that.
  street.close = () => new Promise(done => {
    server.close(() => done());
    server.closeAllConnections();
  });
  street.reopen = () => open(street.port);
  return street;
}
