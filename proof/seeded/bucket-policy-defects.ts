import { add, drop, everywhere, gone } from './changes.ts';
import type { Defect } from './defect.ts';

const policy = 'AWS::S3::BucketPolicy';
const STATEMENTS = 'PolicyDocument.Statement';
const conditionOf = (statement: unknown) => JSON.stringify(Object(statement).Condition ?? '');
const isTlsOnly = (statement: unknown) => conditionOf(statement).includes('aws:SecureTransport');
const isNewTls = (statement: unknown) => conditionOf(statement).includes('s3:TlsVersion');
const grant = (principal: unknown, action: string) => ({
  Effect: 'Allow',
  Principal: principal,
  Action: action,
  Resource: '*',
});

export const bucketPolicyDefects: readonly Defect[] = [
  { id: 'bucket-policy-gone', weakens: 'Plain text is taken.', type: policy, change: gone },
  { id: 'bucket-plain-text', weakens: 'Plain text is taken.', type: policy, change: drop(STATEMENTS, isTlsOnly) },
  { id: 'bucket-old-tls', weakens: 'TLS 1.0 is taken.', type: policy, change: drop(STATEMENTS, isNewTls) },
  {
    id: 'bucket-tls-1.1',
    weakens: 'TLS 1.1 is taken.',
    type: policy,
    change: everywhere('s3:TlsVersion', (it) => {
      it['s3:TlsVersion'] = 1.1;
    }),
  },
  {
    id: 'bucket-tls-reversed',
    weakens: 'Plain text is taken, and TLS refused.',
    type: policy,
    change: everywhere('aws:SecureTransport', (it) => {
      it['aws:SecureTransport'] = 'true';
    }),
  },
  {
    id: 'bucket-tls-of-bucket-alone',
    weakens: 'Objects are read in plain text.',
    type: policy,
    change: everywhere('Effect', (it) => {
      if (isTlsOnly(it) && Array.isArray(it.Resource)) it.Resource = it.Resource[0];
    }),
  },
  {
    id: 'bucket-tls-of-one-action',
    weakens: 'Objects are written in plain text.',
    type: policy,
    change: everywhere('Effect', (it) => {
      if (isTlsOnly(it)) it.Action = 's3:GetObject';
    }),
  },
  {
    id: 'bucket-tls-of-one-role',
    weakens: 'All but one role may use plain text.',
    type: policy,
    change: everywhere('Effect', (it) => {
      if (isTlsOnly(it)) it.Principal = { AWS: 'arn:aws:iam::111122223333:root' };
    }),
  },
  {
    id: 'bucket-read-by-all',
    weakens: 'Everybody may read, though public access is blocked.',
    type: policy,
    change: add(STATEMENTS, grant('*', 's3:GetObject')),
  },
  {
    id: 'bucket-read-by-any-account',
    weakens: 'Every account of AWS may read.',
    type: policy,
    change: add(STATEMENTS, grant({ AWS: '*' }, 's3:GetObject')),
  },
  {
    id: 'bucket-read-by-stranger',
    weakens: 'Another account may read.',
    type: policy,
    change: add(STATEMENTS, grant({ AWS: 'arn:aws:iam::111122223333:root' }, 's3:GetObject')),
  },
  {
    id: 'bucket-read-by-all-but-one',
    weakens: 'Everybody but one may read.',
    type: policy,
    change: add(STATEMENTS, {
      Effect: 'Allow',
      NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 's3:GetObject',
      Resource: '*',
    }),
  },
  {
    id: 'bucket-service-of-any-account',
    weakens: "Another account's service may write.",
    type: policy,
    place: /Audit\//,
    change: drop(STATEMENTS, (it) => conditionOf(it).includes('aws:PrincipalIsAWSService')),
  },
];
