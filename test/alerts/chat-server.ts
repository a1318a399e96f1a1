import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INTERNET, type Internet } from '../../lambdas/notify-webhook/send-webhook.ts';
import { ensurePython } from '../../local/python.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
  /** Milliseconds until it answers. */
  readonly after?: number;
}

/** A chat on this machine, by TLS, that keeps what it was sent. */
export interface ChatServer {
  readonly bodies: readonly string[];
  readonly paths: readonly string[];
  /** The internet, where every name leads to this server. */
  readonly internet: Internet;
  answer: Answer;
  stop(): Promise<void>;
}

/** @param names that its certificate holds. */
export async function startChat(names: readonly string[]): Promise<ChatServer> {
  const { key, cert } = certificate(names);
  const bodies: string[] = [];
  const paths: string[] = [];
  let answer: Answer = { status: 200, text: 'ok' };
  const server = createServer({ key, cert }, (asked, answering) => {
    let body = '';
    asked.on('data', (more) => {
      body += more;
    });
    asked.on('end', () => {
      bodies.push(body);
      paths.push(asked.url ?? '');
      const { status, headers = {}, text = '', after = 0 } = answer;
      setTimeout(() => answering.writeHead(status, headers).end(text), after);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    bodies,
    paths,
    internet: { ...INTERNET, resolve: async () => ['127.0.0.1'], isReachable: () => true, port, ca: cert },
    get answer() {
      return answer;
    },
    set answer(next) {
      answer = next;
    },
    stop: () => stopped(server),
  };
}

function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}

/** moto brings what makes certificates. */
const MAKE = `
import datetime, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
folder, *names = sys.argv[1:]
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
now = datetime.datetime.now(datetime.timezone.utc)
day = datetime.timedelta(days=1)
made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
  .serial_number(x509.random_serial_number()).not_valid_before(now - day).not_valid_after(now + day)
  .add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
  .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256()))
pem = serialization.Encoding.PEM
open(folder + "/cert.pem", "wb").write(made.public_bytes(pem))
open(folder + "/key.pem", "wb").write(
  key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
`;

function certificate(names: readonly string[]): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'laketwin-chat-'));
  try {
    execFileSync(ensurePython('test/requirements.txt'), ['-c', MAKE, folder, ...names]);
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    return { key: read('key.pem'), cert: read('cert.pem') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
