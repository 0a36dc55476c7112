import type { Hardware, Layers, Model } from "@fewer-bytes/catalog";
import { type Catalog, courseCatalog } from "@fewer-bytes/claims";

/** The course's catalog with every device and every model changed: what a derivation sees in another world. */
export function changedCatalog(
  device: (hardware: Hardware) => Hardware,
  shape: (model: Model) => Model = (model) => model,
): Catalog {
  return {
    hardware: (id) => device(courseCatalog.hardware(id)),
    model: (name) => shape(courseCatalog.model(name)),
    pim: (id) => {
      const { kind, pim, ...rest } = courseCatalog.pim(id);
      return { ...device({ kind, ...rest }), kind, pim };
    },
    everyHardware: courseCatalog.everyHardware.map(device),
  };
}

const same = (hardware: Hardware) => hardware;
/** Newer devices change more than older ones, so that ratios between generations move too. */
const since = ({ year }: Hardware, each: number) => each ** (year - 2010);

function peaks(factor: (hardware: Hardware) => number) {
  return (hardware: Hardware): Hardware => ({
    ...hardware,
    peak: Object.fromEntries(
      Object.entries(hardware.peak).map((
        [format, rate],
      ) => [format, rate && rate * factor(hardware)]),
    ),
  });
}

function memory(key: "bandwidth" | "capacity", factor: (hardware: Hardware) => number) {
  return (hardware: Hardware): Hardware => {
    const [first, ...rest] = hardware.memory.map((tier) =>
      tier[key] === undefined ? tier : { ...tier, [key]: tier[key] * factor(hardware) }
    );
    return { ...hardware, memory: [first as Hardware["memory"][0], ...rest] };
  };
}

function layers(change: (group: Layers) => Layers) {
  return (model: Model): Model => ({ ...model, layers: model.layers.map(change) });
}

/** Changed worlds, by what is different in them. */
export const changes: Readonly<Record<string, Catalog>> = {
  "faster arithmetic": changedCatalog(peaks((hardware) => 1.7 * since(hardware, 1.1))),
  "slower memory": changedCatalog(memory("bandwidth", (hardware) => 0.6 * since(hardware, 1.05))),
  "memory a thousand times slower": changedCatalog(memory("bandwidth", () => 1e-3)),
  "larger memory": changedCatalog(memory("capacity", (hardware) => 1.3 * since(hardware, 1.2))),
  "wider models": changedCatalog(same, (model) => ({ ...model, hiddenSize: 2 * model.hiddenSize })),
  "deeper models": changedCatalog(same, layers((group) => ({ ...group, count: 2 * group.count }))),
  "larger vocabularies": changedCatalog(
    same,
    (model) => ({ ...model, vocabularySize: 2 * model.vocabularySize }),
  ),
  "wider latents": changedCatalog(
    same,
    layers((group) =>
      group.attention.kind === "latent"
        ? {
          ...group,
          attention: {
            ...group.attention,
            keyValueRank: 2 * group.attention.keyValueRank,
            rotaryDimension: 2 * group.attention.rotaryDimension,
          },
        }
        : group
    ),
  ),
  "attention that sees 1,024 tokens": changedCatalog(
    same,
    layers((group) =>
      group.attention.kind === "heads"
        ? { ...group, attention: { ...group.attention, window: 1024 } }
        : group
    ),
  ),
};
