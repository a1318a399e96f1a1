import { App } from 'aws-cdk-lib';
import { dev, prod, staging } from '../lib/environments.ts';
import { LakeStage } from '../lib/lake-stage.ts';

const app = new App();
new LakeStage(app, 'Dev', dev);
new LakeStage(app, 'Staging', staging);
new LakeStage(app, 'Prod', prod);
