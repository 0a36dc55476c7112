/**
 * The notebooks whose answers `deno test` grades, as text, so that reading them needs no permission. A chapter adds two
 * lines here.
 */
import welcome from "../../notebooks/00_welcome.ipynb" with { type: "text" };
import memoryWall from "../../notebooks/01_memory_wall.ipynb" with { type: "text" };
import transformerArithmetic from "../../notebooks/02_transformer_arithmetic.ipynb" with {
  type: "text",
};
import numberFormats from "../../notebooks/03_number_formats.ipynb" with { type: "text" };
import outliers from "../../notebooks/04_outliers.ipynb" with { type: "text" };
import sparsity from "../../notebooks/05_sparsity.ipynb" with { type: "text" };
import attentionVariants from "../../notebooks/06_attention_variants.ipynb" with { type: "text" };
import flashAttention from "../../notebooks/07_flash_attention.ipynb" with { type: "text" };
import cacheCompression from "../../notebooks/08_cache_compression.ipynb" with { type: "text" };
import sparseAttention from "../../notebooks/09_sparse_attention.ipynb" with { type: "text" };
import speculativeDecoding from "../../notebooks/10_speculative_decoding.ipynb" with {
  type: "text",
};
import pagedAttention from "../../notebooks/11_paged_attention.ipynb" with { type: "text" };
import serving from "../../notebooks/12_serving.ipynb" with { type: "text" };
import disaggregation from "../../notebooks/13_disaggregation.ipynb" with { type: "text" };
import memoryHierarchy from "../../notebooks/14_memory_hierarchy.ipynb" with { type: "text" };
import processingInMemory from "../../notebooks/15_processing_in_memory.ipynb" with {
  type: "text",
};
import offloadAndFlash from "../../notebooks/16_offload_and_flash.ipynb" with { type: "text" };
import mixtureOfExperts from "../../notebooks/17_mixture_of_experts.ipynb" with { type: "text" };
import trainingMemory from "../../notebooks/18_training_memory.ipynb" with { type: "text" };

export const notebooks: Record<string, string> = {
  "00_welcome.ipynb": welcome,
  "01_memory_wall.ipynb": memoryWall,
  "02_transformer_arithmetic.ipynb": transformerArithmetic,
  "03_number_formats.ipynb": numberFormats,
  "04_outliers.ipynb": outliers,
  "05_sparsity.ipynb": sparsity,
  "06_attention_variants.ipynb": attentionVariants,
  "07_flash_attention.ipynb": flashAttention,
  "08_cache_compression.ipynb": cacheCompression,
  "09_sparse_attention.ipynb": sparseAttention,
  "10_speculative_decoding.ipynb": speculativeDecoding,
  "11_paged_attention.ipynb": pagedAttention,
  "12_serving.ipynb": serving,
  "13_disaggregation.ipynb": disaggregation,
  "14_memory_hierarchy.ipynb": memoryHierarchy,
  "15_processing_in_memory.ipynb": processingInMemory,
  "16_offload_and_flash.ipynb": offloadAndFlash,
  "17_mixture_of_experts.ipynb": mixtureOfExperts,
  "18_training_memory.ipynb": trainingMemory,
};
