/** The lake of staging as the emulator takes it: its one account and region, and everything else as it is deployed. */
import { App } from 'aws-cdk-lib';
import { environment, staging } from '../../lib/environments.ts';
import { LakeStage } from '../../lib/lake-stage.ts';
import { ACCOUNT, REGION, STAGE } from './place.ts';

new LakeStage(new App(), STAGE, environment({ ...staging, account: ACCOUNT, region: REGION }));
