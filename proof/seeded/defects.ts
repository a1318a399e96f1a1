/** Every defect that the gate is held against. */
import { auditDefects, guardDefects } from './audit-defects.ts';
import { bucketDefects } from './bucket-defects.ts';
import { bucketPolicyDefects } from './bucket-policy-defects.ts';
import { dashboardDefects } from './dashboard-defects.ts';
import type { Defect } from './defect.ts';
import { functionDefects } from './function-defects.ts';
import { jobDefects } from './job-defects.ts';
import { keyDefects } from './key-defects.ts';
import { machineDefects } from './machine-defects.ts';
import { messageDefects } from './message-defects.ts';
import { catalogDefects, queryDefects } from './query-defects.ts';
import { rightsDefects } from './rights-defects.ts';
import { policyDefects, trustDefects } from './role-defects.ts';
import { streamDefects } from './stream-defects.ts';
import { watchDefects } from './watch-defects.ts';

export const DEFECTS: readonly Defect[] = [
  ...bucketDefects,
  ...bucketPolicyDefects,
  ...keyDefects,
  ...policyDefects,
  ...trustDefects,
  ...rightsDefects,
  ...auditDefects,
  ...guardDefects,
  ...streamDefects,
  ...functionDefects,
  ...messageDefects,
  ...watchDefects,
  ...queryDefects,
  ...catalogDefects,
  ...jobDefects,
  ...machineDefects,
  ...dashboardDefects,
];
