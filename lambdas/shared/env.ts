/** A variable of the environment. Throws one sentence that names it where it is missing or empty. */
export function env(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`environment variable ${name} is not set: the stack that deploys this function must set it`);
  }
  return value;
}
