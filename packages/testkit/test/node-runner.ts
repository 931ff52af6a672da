import { describe, it } from 'node:test'
import { storeContract } from '../src/index.ts'
import { memorySubject } from './memory-subject.ts'

storeContract({ describe, it, ...memorySubject() })
