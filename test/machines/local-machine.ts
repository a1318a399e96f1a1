/** Runs a state machine as it is deployed, with functions of this process in the place of what it calls. */

/** What a task is given and gives, by the name of its state. */
export type Handlers = Readonly<Record<string, (input: never) => unknown>>;

/** The output of an execution. Throws what a `Fail` state says. */
export async function runMachine(
  definition: object,
  handlers: Handlers,
  execution: string,
  given: object = {},
): Promise<unknown> {
  polyfill();
  type Overrides = NonNullable<NonNullable<Parameters<InstanceType<typeof StateMachine>['run']>[1]>['overrides']>;
  const { StateMachine } = await import('aws-local-stepfunctions');
  const machine = new StateMachine(definition as ConstructorParameters<typeof StateMachine>[0], {
    validationOptions: { checkArn: false },
  });
  const retries = Object.fromEntries(Object.keys(handlers).map((state) => [state, 0]));
  const input = given as Parameters<typeof machine.run>[0];
  return machine.run(input, {
    overrides: {
      taskResourceLocalHandlers: handlers as Overrides['taskResourceLocalHandlers'],
      retryIntervalOverrides: retries,
    },
    context: { Execution: { Id: execution, Input: input, Name: execution, StartTime: '2026-01-02T03:04:05Z' } },
  }).result;
}

/** The interpreter is made for Node 22, of which Node 20 lacks this alone. */
function polyfill() {
  if ('withResolvers' in Promise) return;
  Object.assign(Promise, {
    withResolvers() {
      let resolve: unknown;
      let reject: unknown;
      const promise = new Promise((one, other) => {
        resolve = one;
        reject = other;
      });
      return { promise, resolve, reject };
    },
  });
}
