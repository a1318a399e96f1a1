/** The direction's aim for the completion rate; that of the public airline file is 15 %. */
export const TARGET_RATE = 0.16;
