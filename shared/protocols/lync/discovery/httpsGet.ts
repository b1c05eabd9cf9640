import { request } from 'node:https';
import { connect, type SecureContext } from 'node:tls';

export interface HttpsQuestion {
  /** Connect here, while `host` names the server and its certificate. */
  readonly address: string;
  readonly host: string;
  readonly port: number;
  readonly accept: string;
  readonly secureContext: SecureContext;
}

export interface HttpsAnswer {
  readonly status: number;
  /** No more than 64 KiB of it. */
  readonly body: string;
}

const mostBytes = 65_536;

/** GET of `/` over TLS with a checked certificate; follows nothing. Rejects with the system's error or the signal's reason. */
export function httpsGet(
  { address, host, port, accept, secureContext }: HttpsQuestion,
  signal: AbortSignal,
): Promise<HttpsAnswer> {
  return new Promise((resolve, reject) => {
    const asking = request({
      host,
      port,
      headers: { host, accept },
      createConnection: () => connect({ host: address, port, servername: host, secureContext }),
      signal,
    });
    asking.on('error', reject);
    asking.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = () => {
        const body = Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8');
        resolve({ status: response.statusCode ?? 0, body });
        asking.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= mostBytes) finish();
      });
      response.on('end', finish);
      response.on('error', reject);
    });
    asking.end();
  });
}
