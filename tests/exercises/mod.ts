/** All exercises of the course. A chapter is a module whose exports are its exercises; it adds two lines here. */
import type { Exercise } from "../../kit/exercises/suite.ts";
import * as welcome from "./00_welcome.ts";
import * as memoryWall from "./01_memory_wall.ts";
import * as transformerArithmetic from "./02_transformer_arithmetic.ts";
import * as numberFormats from "./03_number_formats.ts";
import * as outliers from "./04_outliers.ts";
import * as sparsity from "./05_sparsity.ts";
import * as attentionVariants from "./06_attention_variants.ts";
import * as flashAttention from "./07_flash_attention.ts";
import * as cacheCompression from "./08_cache_compression.ts";
import * as sparseAttention from "./09_sparse_attention.ts";
import * as speculativeDecoding from "./10_speculative_decoding.ts";
import * as pagedAttention from "./11_paged_attention.ts";
import * as serving from "./12_serving.ts";
import * as disaggregation from "./13_disaggregation.ts";
import * as memoryHierarchy from "./14_memory_hierarchy.ts";
import * as processingInMemory from "./15_processing_in_memory.ts";
import * as offloadAndFlash from "./16_offload_and_flash.ts";
import * as mixtureOfExperts from "./17_mixture_of_experts.ts";
import * as trainingMemory from "./18_training_memory.ts";

export const exercises: readonly Exercise[] = [
  welcome,
  memoryWall,
  transformerArithmetic,
  numberFormats,
  outliers,
  sparsity,
  attentionVariants,
  flashAttention,
  cacheCompression,
  sparseAttention,
  speculativeDecoding,
  pagedAttention,
  serving,
  disaggregation,
  memoryHierarchy,
  processingInMemory,
  offloadAndFlash,
  mixtureOfExperts,
  trainingMemory,
].flatMap((chapter) => Object.values<Exercise>(chapter)).sort((one, other) =>
  one.id.localeCompare(other.id, "en", { numeric: true })
);
