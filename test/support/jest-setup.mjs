// Nest must be loaded before the CommonJS packages that require it, or Jest's module loader meets a cycle.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
