import { Buffer } from 'node:buffer';
import { NoSuchObject, type ObjectStore, type Zone } from '../ports.ts';

/** The object's text, or undefined where no object has this key. */
export async function readText(store: ObjectStore, zone: Zone, key: string): Promise<string | undefined> {
  try {
    const { body } = await store.get(zone, key);
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    if (error instanceof NoSuchObject) return undefined;
    throw error;
  }
}

/** The object as JSON, or undefined where no object has this key. Throws where the text is no JSON. */
export async function readJson(store: ObjectStore, zone: Zone, key: string): Promise<unknown> {
  const text = await readText(store, zone, key);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${zone}/${key} is not JSON: someone changed it by hand; put it back as it was`);
  }
}
