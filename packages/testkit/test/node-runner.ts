import { describe, it } from 'node:test'
import { storeContract } from '@latchkey/testkit'
import { memorySubject } from './memory-subject.ts'

storeContract({ describe, it, ...memorySubject() })
