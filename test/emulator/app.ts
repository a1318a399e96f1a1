/**
 * The lake of staging as the emulator takes it: in its one account and region, with everything on that can be asked for,
 * and else as it is deployed.
 */
import { App } from 'aws-cdk-lib';
import { environment, staging, whole } from '../../lib/environments.ts';
import { LakeStage } from '../../lib/lake-stage.ts';
import { ACCOUNT, REGION, STAGE } from './place.ts';

new LakeStage(new App(), STAGE, environment({ ...whole, ...staging, account: ACCOUNT, region: REGION }));
