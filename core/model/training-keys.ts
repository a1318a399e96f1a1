/** Where the parts of a training lie in curated/, by the name of its run. */

/** What the training script reads. */
export function featuresPrefix(dataset: string, run: string): string {
  return `features/${dataset}/${run}/`;
}

/** What came of it: SageMaker puts `output/` here, the gate `judgement.json` and, where it passed, the candidate. */
export function trainingPrefix(dataset: string, run: string): string {
  return `trainings/${dataset}/${run}/`;
}

/** The files of the version that is published if all goes well, `version.json` among them. */
export function candidateKey(dataset: string, run: string, name: string): string {
  return `${trainingPrefix(dataset, run)}candidate/${name}`;
}
