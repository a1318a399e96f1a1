/** A message of the queue, as S3 writes one for an object that was put. */
export function messageOf(key: string, messageId = key): { readonly messageId: string; readonly body: string } {
  const encoded = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
  return { messageId, body: JSON.stringify({ Records: [{ s3: { object: { key: encoded } } }] }) };
}
