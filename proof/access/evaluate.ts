/** Whether AWS would allow a request, by the policies alone: the evaluation logic of IAM, as far as the lake uses it. */
import { type Context, conditionsHold } from './conditions.ts';
import type { Principals, Statement } from './statement.ts';

/** Who asks. */
export interface Caller {
  /** ARN of a user or role; none for a service and for someone unknown. */
  readonly arn?: string;
  /** Account of that user or role. */
  readonly account?: string;
  /** `firehose.amazonaws.com`. */
  readonly service?: string;
  /** Statements of the policies that the user or role carries. */
  readonly identity: readonly Statement[];
}

export interface Request {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

/** The thing asked for, as far as it has a say. */
export interface Guard {
  /** Account that owns it. */
  readonly account: string;
  /** Statements of its own policy; none where there is no such policy. */
  readonly policy?: readonly Statement[];
  /**
   * What a policy of the caller counts for without a word of the thing's own: for keys and roles, nothing.
   *
   * @default false
   */
  readonly mustAgree?: boolean;
}

/**
 * An explicit deny wins. Within an account a policy of either side is enough, but for a thing that must agree; between
 * accounts both sides must allow.
 */
export function isAllowed(request: Request, guard: Guard): boolean {
  const { caller } = request;
  const own = caller.identity.filter((statement) => applies(statement, request));
  const theirs = (guard.policy ?? []).filter((statement) => applies(statement, request));
  const denied = [...own, ...theirs.filter(({ principals }) => names(principals, caller, 'account'))];
  if (denied.some(({ effect }) => effect === 'Deny')) return false;

  const allowing = theirs.filter(({ effect }) => effect === 'Allow');
  const byName = allowing.some(({ principals }) => names(principals, caller, 'itself'));
  const byAccount = allowing.some(({ principals }) => names(principals, caller, 'account'));
  const bySelf = own.some(({ effect }) => effect === 'Allow');
  if (caller.account === undefined) return byName;
  if (caller.account !== guard.account) return bySelf && byAccount;
  return byName || (bySelf && (byAccount || guard.mustAgree !== true));
}

function applies(statement: Statement, { action, resource, context }: Request): boolean {
  return (
    statement.actions.matches(action) &&
    (statement.resources?.matches(resource) ?? true) &&
    conditionsHold(statement.conditions, context)
  );
}

/**
 * Whether a statement of a resource's policy is about the caller: by its own name, or also as one of its account. An
 * account's name lets its administrators decide, so that it allows nobody by itself but denies everyone.
 */
function names(principals: Principals | undefined, caller: Caller, as: 'itself' | 'account'): boolean {
  if (principals === undefined) return false;
  const { isNegated, anyone, arns, services } = principals;
  const isNamed =
    anyone ||
    (caller.arn !== undefined && arns.includes(caller.arn)) ||
    (caller.service !== undefined && services.includes(caller.service)) ||
    // Whoever is left out by name must be left out together with its account.
    ((as === 'account' || isNegated) && arns.includes(`arn:aws:iam::${caller.account}:root`));
  return isNamed !== isNegated;
}
