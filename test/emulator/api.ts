/** Asks services of AWS directly, for the few looks for which a client of its own would be too much. */
import type { Emulator } from './emulator.ts';
import { REGION } from './place.ts';

/** A service that speaks JSON to a target. */
export async function ask<T>(
  emulator: Emulator,
  service: string,
  target: string,
  body: Readonly<Record<string, unknown>> = {},
): Promise<T> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  return JSON.parse(await send(emulator, service, '/', { method: 'POST', headers, body: JSON.stringify(body) })) as T;
}

/** A service that speaks JSON at a path, which is given a body or asked what it has. */
export async function askRest<T>(emulator: Emulator, service: string, path: string, body?: object): Promise<T> {
  const init = body === undefined ? { method: 'GET' } : { method: 'POST', body: JSON.stringify(body) };
  return JSON.parse(await send(emulator, service, path, init)) as T;
}

/** A service that speaks XML: every text of the named element in the answer. */
export async function askXml(emulator: Emulator, service: string, action: string, element: string): Promise<string[]> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await send(emulator, service, '/', { method: 'POST', headers, body: `Action=${action}` });
  return [...answer.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text = '']) => text);
}

async function send({ endpoint }: Emulator, service: string, path: string, init: RequestInit): Promise<string> {
  const credential = `Credential=test/20260101/${REGION}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=none`;
  const response = await fetch(`${endpoint}${path}`, { ...init, headers: { ...init.headers, authorization } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${service} answered ${response.status} to ${init.method} ${path}: ${text}`);
  return text;
}
