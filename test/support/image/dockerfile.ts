import {
  Copy,
  DockerfileParser,
  From,
  type Instruction,
  JSONInstruction,
  type Property,
} from 'dockerfile-ast';
import { readFileSync } from 'node:fs';

/** An instruction of a Dockerfile, with its words. */
export interface Step {
  readonly keyword: string;
  readonly words: readonly string[];
  /** All that stands behind the keyword, in one line. */
  readonly text: string;
  /** The stage that a COPY takes from; undefined = the build context. */
  readonly from: string | undefined;
  /** What an ENV or ARG sets. */
  readonly values: Readonly<Record<string, string>>;
}

export interface Stage {
  readonly name: string;
  /** A stage before it, or an image. */
  readonly base: string;
  readonly steps: readonly Step[];
}

/** The stages of a Dockerfile, in their order. */
export function readDockerfile(path: string): Stage[] {
  const instructions = DockerfileParser.parse(readFileSync(path, 'utf8')).getInstructions();
  const stages: { name: string; base: string; steps: Step[] }[] = [];
  for (const instruction of instructions) {
    if (instruction instanceof From) {
      const base = instruction.getImage() ?? '';
      stages.push({ name: instruction.getBuildStage() ?? String(stages.length), base, steps: [] });
    } else stages.at(-1)?.steps.push(toStep(instruction));
  }
  return stages;
}

function toStep(instruction: Instruction): Step {
  const isJson = instruction instanceof JSONInstruction && instruction.getJSONStrings().length > 0;
  const words = isJson
    ? instruction.getJSONStrings().map((word) => word.getJSONValue())
    : instruction.getArguments().map((word) => word.getValue());
  return {
    keyword: instruction.getKeyword(),
    words,
    text: instruction.getArgumentsContent() ?? '',
    from: instruction instanceof Copy ? (instruction.getFromFlag()?.getValue() ?? undefined) : undefined,
    values: Object.fromEntries(propertiesOf(instruction).map((one) => [one.getName(), one.getValue() ?? ''])),
  };
}

function propertiesOf(instruction: Instruction): Property[] {
  return 'getProperties' in instruction ? (instruction.getProperties as () => Property[])() : [];
}
