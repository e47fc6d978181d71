// A real OpenID provider for the sign-in tests: any name signs in, the name
// decides the claims. Prints its address, and ends with its standard input.
import http from 'node:http';
import { Provider } from 'oidc-provider';

const redirect = process.argv[2];

const users = {
  kim: { email: 'Kim@example.org', email_verified: true, groups: ['support'] },
  lee: { email: 'lee@example.org', email_verified: true, groups: ['sales'] },
  eve: { email: 'kim@example.org', email_verified: false, groups: [] },
  max: { email: 'max@example.org', email_verified: false, groups: ['support'] },
};

const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'signpost', client_secret: 'a secret for tests only', redirect_uris: [redirect] }],
    findAccount: (ctx, id) => users[id] && { accountId: id, claims: () => ({ sub: id, ...users[id] }) },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    pkce: { required: () => true },
    cookies: { keys: ['only for tests'] },
    conformIdTokenClaims: process.argv[3] !== 'claims-in-token',
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
