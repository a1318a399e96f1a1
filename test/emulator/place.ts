/** The one account and the one region with which the emulator was tried. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
/** Name of the one stage of the app. */
export const STAGE = 'Staging';
