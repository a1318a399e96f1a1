import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileHmac } from './hmac.ts';

test('the vectors of RFC 4231 whose data is text', () => {
  const hmac = (key: Buffer, data: string) => Buffer.from(compileHmac(key)(data), 'base64url').toString('hex');
  expect(hmac(Buffer.alloc(20, 0x0b), 'Hi There')).toBe(
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  );
  expect(hmac(Buffer.from('Jefe'), 'what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  expect(hmac(Buffer.alloc(131, 0xaa), 'Test Using Larger Than Block-Size Key - Hash Key First')).toBe(
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  );
  expect(
    hmac(
      Buffer.alloc(131, 0xaa),
      'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    ),
  ).toBe('9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2');
});

test('texts of any length, in any order, have the HMAC that Node gives them', () => {
  const secret = fc.uint8Array({ minLength: 1, maxLength: 150 });
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 200 }));
  fc.assert(
    fc.property(secret, texts, (key, all) => {
      const hmac = compileHmac(key);
      for (const text of all) expect(hmac(text)).toBe(createHmac('sha256', key).update(text).digest('base64url'));
    }),
  );
});
