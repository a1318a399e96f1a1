/**
 * A whole object that cannot be read: nothing of it goes into the lake. Its message is one clear sentence for the
 * person who sent the object: what was found, and what would be right.
 */
export class RefusedObject extends Error {
  override readonly name = 'RefusedObject';
}
