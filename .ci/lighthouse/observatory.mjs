// Runs the MDN Observatory's tests on a Signpost that listens on loopback:
//
//	node observatory.mjs HOST UPSTREAM-PORT CERTIFICATE KEY
//
// They ask https://HOST and http://HOST on the usual ports, so this is also the
// proxy that ends TLS in front. HOST must lead to this machine, and node must
// believe the certificate (NODE_EXTRA_CA_CERTS). The exit status is 1 below A+.
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import { createRequire } from "node:module";
import path from "node:path";
import { scan } from "@mdn/mdn-http-observatory";

const [host, port, cert, key] = process.argv.slice(2);

// The list of preloaded hosts is fetched by an install script, which does not
// run here; an invented host is not on it.
const main = createRequire(import.meta.url).resolve("@mdn/mdn-http-observatory");
const preloaded = path.join(path.dirname(main), "..", "conf", "hsts-preload.json");
if (!fs.existsSync(preloaded)) fs.writeFileSync(preloaded, "{}");

const secure = https.createServer({ cert: fs.readFileSync(cert), key: fs.readFileSync(key) }, (req, res) => {
  const headers = { ...req.headers, "x-forwarded-for": req.socket.remoteAddress, "x-forwarded-proto": "https" };
  const asked = http.request({ host: "127.0.0.1", port, method: req.method, path: req.url, headers }, (answer) => {
    res.writeHead(answer.statusCode, answer.headers);
    answer.pipe(res);
  });
  asked.on("error", () => res.writeHead(502).end());
  req.pipe(asked);
});
const plain = http.createServer((req, res) => res.writeHead(301, { location: `https://${host}${req.url}` }).end());
await Promise.all([[secure, 443], [plain, 80]].map(([server, on]) => new Promise((done) => server.listen(on, "127.0.0.1", done))));

const found = await scan(host);
console.log(`Observatory ${found.scan.grade}, ${found.scan.score} points, ${found.scan.testsPassed} of ${found.scan.testsQuantity} tests`);
for (const [name, test] of Object.entries(found.tests)) {
  console.log(` ${test.pass ? "passed" : "FAILED"} ${name}: ${test.result} (${test.scoreModifier})`);
}
process.exit(found.scan.grade === "A+" ? 0 : 1);
