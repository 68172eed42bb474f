/** What a finding tells a person, as words that follow a number: "3 × a message that cannot be read". */
export interface FindingWords {
  readonly en: string;
  readonly zh: string;
}
