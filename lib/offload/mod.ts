/** Models larger than the device: bytes from host memory and flash, hidden where they can be. */
export {};
