/** How likely a booking is to be left uncompleted, in words. */
export const RISK_BANDS = ['high', 'medium', 'low'] as const;
export type RiskBand = (typeof RISK_BANDS)[number];

/** Probabilities of completion from which the risk is medium, and low: half of the overall rate of 0.15, and twice. */
export const RISK_EDGES = { medium: 0.075, low: 0.3 } as const;

export function riskBand(completionProbability: number): RiskBand {
  if (completionProbability >= RISK_EDGES.low) return 'low';
  return completionProbability >= RISK_EDGES.medium ? 'medium' : 'high';
}
