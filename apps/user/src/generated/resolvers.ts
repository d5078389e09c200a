import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ActiveSession as ActiveSessionModel, Session as SessionModel } from '../domain/session.ts';
import type { User as UserModel } from '../domain/user.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A point in time in the format of RFC 3339: 2026-01-31T12:00:00.000Z. */
  DateTime: { input: Date; output: Date; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** Who may read a field. */
export type Access =
  /** An administrator of the shop. */
  | 'ADMIN'
  /** Any client, signed in or not. */
  | 'PUBLIC'
  /** A service of the shop, never a client. */
  | 'SERVICE'
  /** Any signed-in account. A customer does not find data of other customers. */
  | 'USER';

/** A session that has not ended. */
export type ActiveSession = {
  readonly __typename?: 'ActiveSession';
  /** When the account signed in. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** True for the session of this request. */
  readonly current: Scalars['Boolean']['output'];
  /** The name that the client gave itself. */
  readonly device: Maybe<Scalars['String']['output']>;
  /** The id, for `revokeSession`. */
  readonly id: Scalars['ID']['output'];
  /** When it was last refreshed. */
  readonly lastUsedAt: Scalars['DateTime']['output'];
};

/** A page of sessions. */
export type ActiveSessionConnection = {
  readonly __typename?: 'ActiveSessionConnection';
  /** The sessions, each with its cursor. */
  readonly edges: ReadonlyArray<ActiveSessionEdge>;
  /** The sessions, for clients that need no cursors. */
  readonly nodes: ReadonlyArray<ActiveSession>;
  /** Where the page is in the list. */
  readonly pageInfo: PageInfo;
};

/** A session in a page. */
export type ActiveSessionEdge = {
  readonly __typename?: 'ActiveSessionEdge';
  /** The position of the item in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The session. */
  readonly node: ActiveSession;
};

/** How many attempts of one kind are allowed in a time. The time begins with the first attempt. */
export type AttemptQuota = {
  readonly __typename?: 'AttemptQuota';
  /** The number of attempts. */
  readonly limit: Scalars['Int']['output'];
  /** The length of the time, in seconds. */
  readonly windowSeconds: Scalars['Int']['output'];
};

/** The current and the new password. */
export type ChangePasswordInput = {
  /** At most 128 characters. */
  readonly currentPassword: Scalars['String']['input'];
  /** 8 to 128 characters, and not a common password. */
  readonly newPassword: Scalars['String']['input'];
};

/** How many other sessions ended, or why the password was not changed. */
export type ChangePasswordResult = InvalidCredentialsProblem | SessionsEnded | TooManyAttemptsProblem | ValidationFailedProblem;

/** An account with this e-mail address exists. */
export type EmailTakenProblem = Problem & {
  readonly __typename?: 'EmailTakenProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};

/** One field of the input that is not allowed. */
export type FieldFault = {
  readonly __typename?: 'FieldFault';
  /** Why. */
  readonly message: Scalars['String']['output'];
  /** Where: `items.0.quantity`. */
  readonly path: Scalars['String']['output'];
};

/** The e-mail address or the password is wrong. */
export type InvalidCredentialsProblem = Problem & {
  readonly __typename?: 'InvalidCredentialsProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};

/** The refresh token is unknown, expired, revoked, or was used before. */
export type InvalidRefreshTokenProblem = Problem & {
  readonly __typename?: 'InvalidRefreshTokenProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};

/** An account and its password. */
export type LoginInput = {
  /** At most 254 characters. */
  readonly email: Scalars['String']['input'];
  /** At most 128 characters. */
  readonly password: Scalars['String']['input'];
};

/** The session of the account, or why there is none. */
export type LoginResult = InvalidCredentialsProblem | Session | TooManyAttemptsProblem;

/** The session to end. */
export type LogoutInput = {
  /** At most 200 characters. */
  readonly refreshToken?: InputMaybe<Scalars['String']['input']>;
};

/** How many sessions ended, or what is wrong with the refresh token. */
export type LogoutResult = SessionsEnded | ValidationFailedProblem;

/** What can be changed. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Changes the password and ends every other session. */
  readonly changePassword: ChangePasswordResult;
  /** Signs in with e-mail address and password. */
  readonly login: LoginResult;
  /** Ends the session of a refresh token; without one, the session of the access token. */
  readonly logout: LogoutResult;
  /** Ends every session of the account, including this one. */
  readonly logoutEverywhere: LogoutResult;
  /** Extends a session. The refresh token can be used once: the result has the next one. */
  readonly refreshSession: RefreshSessionResult;
  /** Creates an account and signs it in. */
  readonly register: RegisterResult;
  /** Ends one session of the account. */
  readonly revokeSession: RevokeSessionResult;
  /** Changes the profile of the account. */
  readonly updateProfile: UpdateProfileResult;
};


/** What can be changed. */
export type MutationChangePasswordArgs = {
  input: ChangePasswordInput;
};


/** What can be changed. */
export type MutationLoginArgs = {
  input: LoginInput;
};


/** What can be changed. */
export type MutationLogoutArgs = {
  input?: InputMaybe<LogoutInput>;
};


/** What can be changed. */
export type MutationRefreshSessionArgs = {
  input: RefreshSessionInput;
};


/** What can be changed. */
export type MutationRegisterArgs = {
  input: RegisterInput;
};


/** What can be changed. */
export type MutationRevokeSessionArgs = {
  input: RevokeSessionInput;
};


/** What can be changed. */
export type MutationUpdateProfileArgs = {
  input: UpdateProfileInput;
};

/** The position of a page in its list. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** The cursor of the last item: `after` of the next page. Null for an empty page. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  /** Whether there are more items after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether there are items before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first item: `before` of the page before this one. Null for an empty page. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
};

/** A failure that a client can cause and should handle. */
export type Problem = {
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};

/** What can be read. */
export type Query = {
  readonly __typename?: 'Query';
  /** The ids of active sessions among these. */
  readonly activeSessions: ReadonlyArray<Scalars['ID']['output']>;
  /**
   * The account that is signed in; null for a client that sent no access token. With a token that is not
   * valid it is UNAUTHENTICATED.
   */
  readonly me: Maybe<User>;
  /**
   * Sessions that were revoked since `after`, the `asOf` of the last response; without it, since the
   * oldest access token that is still valid was issued. Waits up to `waitMs` (at most 1000) for one
   * that was not in an earlier response. Responses overlap: an id may come more than once.
   */
  readonly sessionRevocations: SessionRevocations;
  /** Any account. */
  readonly user: Maybe<User>;
};


/** What can be read. */
export type QueryActiveSessionsArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};


/** What can be read. */
export type QuerySessionRevocationsArgs = {
  after?: InputMaybe<Scalars['DateTime']['input']>;
  waitMs?: InputMaybe<Scalars['Int']['input']>;
};


/** What can be read. */
export type QueryUserArgs = {
  id: Scalars['ID']['input'];
};

/** The session to extend. */
export type RefreshSessionInput = {
  /** At most 200 characters. */
  readonly refreshToken: Scalars['String']['input'];
};

/** The session with its new tokens, or why it was not extended. */
export type RefreshSessionResult = InvalidRefreshTokenProblem | Session | TooManyAttemptsProblem;

/** A new account. */
export type RegisterInput = {
  /**
   * At most 254 characters, 64 of them before the `@`: what `<input type=email>` takes, and
   * internationalised domains. All spellings of an address are one account.
   */
  readonly email: Scalars['String']['input'];
  /** 8 to 128 characters, and not a common password. */
  readonly password: Scalars['String']['input'];
};

/** The session of the new account, or why there is none. */
export type RegisterResult = EmailTakenProblem | Session | TooManyAttemptsProblem | ValidationFailedProblem;

/** One session of the account. */
export type RevokeSessionInput = {
  /** The `id` of an active session. */
  readonly sessionId: Scalars['ID']['input'];
};

/** How many sessions ended, or why none did. */
export type RevokeSessionResult = SessionNotFoundProblem | SessionsEnded;

/** The roles of accounts. */
export type Role =
  /** An administrator of the shop. */
  | 'ADMIN'
  /** A customer. */
  | 'USER';

/** A session: its tokens and its account. */
export type Session = {
  readonly __typename?: 'Session';
  /** Send it as `Authorization: Bearer <accessToken>`. */
  readonly accessToken: Scalars['String']['output'];
  /** When the access token expires. */
  readonly accessTokenExpiresAt: Scalars['DateTime']['output'];
  /** Can be used once. Store it where no script can read it. */
  readonly refreshToken: Scalars['String']['output'];
  /** When the refresh token expires. */
  readonly refreshTokenExpiresAt: Scalars['DateTime']['output'];
  /** The account that is signed in. */
  readonly user: User;
};

/** There is no such session. */
export type SessionNotFoundProblem = Problem & {
  readonly __typename?: 'SessionNotFoundProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};

/** Sessions whose access tokens are refused although they have not expired. */
export type SessionRevocations = {
  readonly __typename?: 'SessionRevocations';
  /** The time of this response by the clock of the database: the next `after`. */
  readonly asOf: Scalars['DateTime']['output'];
  /** The ids of the revoked sessions. */
  readonly ids: ReadonlyArray<Scalars['ID']['output']>;
  /** Set when there are too many ids to list: every access token issued before this time is refused. */
  readonly issuedBefore: Maybe<Scalars['DateTime']['output']>;
  /** How long an id must be stored, in milliseconds. */
  readonly keepMs: Scalars['Int']['output'];
};

/** The result of a sign-out or a new password. */
export type SessionsEnded = {
  readonly __typename?: 'SessionsEnded';
  /** How many sessions it ended. */
  readonly count: Scalars['Int']['output'];
};

/** Too many attempts of this kind for the account or from this address. This one was not checked. */
export type TooManyAttemptsProblem = Problem & {
  readonly __typename?: 'TooManyAttemptsProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
  /** The limit that was reached. Null when too many attempts were made at the same time. */
  readonly quota: Maybe<AttemptQuota>;
  /** Seconds to wait before the next attempt. */
  readonly retryAfterSeconds: Scalars['Int']['output'];
};

/** A change of the profile. Absent fields do not change. */
export type UpdateProfileInput = {
  /** Up to 100 characters; null removes it. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
};

/** The account after the change, or why it was not changed. */
export type UpdateProfileResult = User | ValidationFailedProblem;

/** An account of the shop. */
export type User = {
  readonly __typename?: 'User';
  /** When the account was created. */
  readonly createdAt: Scalars['DateTime']['output'];
  /**
   * The address, in lower case. An internationalised domain is in its ASCII form:
   * `ada@xn--e1afmkfd.xn--p1ai` for `ada@пример.рф`.
   */
  readonly email: Scalars['String']['output'];
  /** The id of the account. */
  readonly id: Scalars['ID']['output'];
  /** What the customer likes to be called. */
  readonly name: Maybe<Scalars['String']['output']>;
  /** What the account may do. */
  readonly role: Role;
  /** The active sessions of the account, the last used first: 100 at most. */
  readonly sessions: ReadonlyArray<ActiveSession>;
  /**
   * The active sessions of the account in pages, the latest sign-in first. An account has a limited
   * number of sessions: a sign-in beyond the limit ends the oldest.
   */
  readonly sessionsConnection: ActiveSessionConnection;
  /** When the account was last changed. */
  readonly updatedAt: Scalars['DateTime']['output'];
};


/** An account of the shop. */
export type UserSessionsConnectionArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Input that breaks a rule, with every fault. */
export type ValidationFailedProblem = Problem & {
  readonly __typename?: 'ValidationFailedProblem';
  /** The reason, from the catalogue of codes. It is never renamed. */
  readonly code: Scalars['String']['output'];
  /** Every fault of the input. */
  readonly fields: ReadonlyArray<FieldFault>;
  /** A sentence for people. */
  readonly message: Scalars['String']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  ChangePasswordResult:
    | ( InvalidCredentialsProblem & { __typename: 'InvalidCredentialsProblem' } )
    | ( SessionsEnded & { __typename: 'SessionsEnded' } )
    | ( TooManyAttemptsProblem & { __typename: 'TooManyAttemptsProblem' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
  ;
  LoginResult:
    | ( InvalidCredentialsProblem & { __typename: 'InvalidCredentialsProblem' } )
    | ( SessionModel & { __typename: 'Session' } )
    | ( TooManyAttemptsProblem & { __typename: 'TooManyAttemptsProblem' } )
  ;
  LogoutResult:
    | ( SessionsEnded & { __typename: 'SessionsEnded' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
  ;
  RefreshSessionResult:
    | ( InvalidRefreshTokenProblem & { __typename: 'InvalidRefreshTokenProblem' } )
    | ( SessionModel & { __typename: 'Session' } )
    | ( TooManyAttemptsProblem & { __typename: 'TooManyAttemptsProblem' } )
  ;
  RegisterResult:
    | ( EmailTakenProblem & { __typename: 'EmailTakenProblem' } )
    | ( SessionModel & { __typename: 'Session' } )
    | ( TooManyAttemptsProblem & { __typename: 'TooManyAttemptsProblem' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
  ;
  RevokeSessionResult:
    | ( SessionNotFoundProblem & { __typename: 'SessionNotFoundProblem' } )
    | ( SessionsEnded & { __typename: 'SessionsEnded' } )
  ;
  UpdateProfileResult:
    | ( UserModel & { __typename: 'User' } )
    | ( ValidationFailedProblem & { __typename: 'ValidationFailedProblem' } )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Problem:
    | ( EmailTakenProblem )
    | ( InvalidCredentialsProblem )
    | ( InvalidRefreshTokenProblem )
    | ( SessionNotFoundProblem )
    | ( TooManyAttemptsProblem )
    | ( ValidationFailedProblem )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Access: Access;
  ActiveSession: ResolverTypeWrapper<ActiveSessionModel>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  ActiveSessionConnection: ResolverTypeWrapper<Omit<ActiveSessionConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['ActiveSessionEdge']>, nodes: ReadonlyArray<ResolversTypes['ActiveSession']> }>;
  ActiveSessionEdge: ResolverTypeWrapper<Omit<ActiveSessionEdge, 'node'> & { node: ResolversTypes['ActiveSession'] }>;
  AttemptQuota: ResolverTypeWrapper<AttemptQuota>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  ChangePasswordInput: ChangePasswordInput;
  ChangePasswordResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['ChangePasswordResult']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  EmailTakenProblem: ResolverTypeWrapper<EmailTakenProblem>;
  FieldFault: ResolverTypeWrapper<FieldFault>;
  InvalidCredentialsProblem: ResolverTypeWrapper<InvalidCredentialsProblem>;
  InvalidRefreshTokenProblem: ResolverTypeWrapper<InvalidRefreshTokenProblem>;
  LoginInput: LoginInput;
  LoginResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['LoginResult']>;
  LogoutInput: LogoutInput;
  LogoutResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['LogoutResult']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Problem: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Problem']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RefreshSessionInput: RefreshSessionInput;
  RefreshSessionResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RefreshSessionResult']>;
  RegisterInput: RegisterInput;
  RegisterResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RegisterResult']>;
  RevokeSessionInput: RevokeSessionInput;
  RevokeSessionResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RevokeSessionResult']>;
  Role: Role;
  Session: ResolverTypeWrapper<SessionModel>;
  SessionNotFoundProblem: ResolverTypeWrapper<SessionNotFoundProblem>;
  SessionRevocations: ResolverTypeWrapper<SessionRevocations>;
  SessionsEnded: ResolverTypeWrapper<SessionsEnded>;
  TooManyAttemptsProblem: ResolverTypeWrapper<TooManyAttemptsProblem>;
  UpdateProfileInput: UpdateProfileInput;
  UpdateProfileResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UpdateProfileResult']>;
  User: ResolverTypeWrapper<UserModel>;
  ValidationFailedProblem: ResolverTypeWrapper<ValidationFailedProblem>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  ActiveSession: ActiveSessionModel;
  Boolean: Scalars['Boolean']['output'];
  String: Scalars['String']['output'];
  ID: Scalars['ID']['output'];
  ActiveSessionConnection: Omit<ActiveSessionConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['ActiveSessionEdge']>, nodes: ReadonlyArray<ResolversParentTypes['ActiveSession']> };
  ActiveSessionEdge: Omit<ActiveSessionEdge, 'node'> & { node: ResolversParentTypes['ActiveSession'] };
  AttemptQuota: AttemptQuota;
  Int: Scalars['Int']['output'];
  ChangePasswordInput: ChangePasswordInput;
  ChangePasswordResult: ResolversUnionTypes<ResolversParentTypes>['ChangePasswordResult'];
  DateTime: Scalars['DateTime']['output'];
  EmailTakenProblem: EmailTakenProblem;
  FieldFault: FieldFault;
  InvalidCredentialsProblem: InvalidCredentialsProblem;
  InvalidRefreshTokenProblem: InvalidRefreshTokenProblem;
  LoginInput: LoginInput;
  LoginResult: ResolversUnionTypes<ResolversParentTypes>['LoginResult'];
  LogoutInput: LogoutInput;
  LogoutResult: ResolversUnionTypes<ResolversParentTypes>['LogoutResult'];
  Mutation: Record<PropertyKey, never>;
  PageInfo: PageInfo;
  Problem: ResolversInterfaceTypes<ResolversParentTypes>['Problem'];
  Query: Record<PropertyKey, never>;
  RefreshSessionInput: RefreshSessionInput;
  RefreshSessionResult: ResolversUnionTypes<ResolversParentTypes>['RefreshSessionResult'];
  RegisterInput: RegisterInput;
  RegisterResult: ResolversUnionTypes<ResolversParentTypes>['RegisterResult'];
  RevokeSessionInput: RevokeSessionInput;
  RevokeSessionResult: ResolversUnionTypes<ResolversParentTypes>['RevokeSessionResult'];
  Session: SessionModel;
  SessionNotFoundProblem: SessionNotFoundProblem;
  SessionRevocations: SessionRevocations;
  SessionsEnded: SessionsEnded;
  TooManyAttemptsProblem: TooManyAttemptsProblem;
  UpdateProfileInput: UpdateProfileInput;
  UpdateProfileResult: ResolversUnionTypes<ResolversParentTypes>['UpdateProfileResult'];
  User: UserModel;
  ValidationFailedProblem: ValidationFailedProblem;
};

export type AuthDirectiveArgs = {
  requires: Access;
};

export type AuthDirectiveResolver<Result, Parent, ContextType = Context, Args = AuthDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ActiveSessionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ActiveSession'] = ResolversParentTypes['ActiveSession']> = {
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  current?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  device?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastUsedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ActiveSessionConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ActiveSessionConnection'] = ResolversParentTypes['ActiveSessionConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ActiveSessionEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['ActiveSession']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ActiveSessionEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ActiveSessionEdge'] = ResolversParentTypes['ActiveSessionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ActiveSession'], ParentType, ContextType>;
};

export type AttemptQuotaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AttemptQuota'] = ResolversParentTypes['AttemptQuota']> = {
  limit?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  windowSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ChangePasswordResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChangePasswordResult'] = ResolversParentTypes['ChangePasswordResult']> = {
  __resolveType?: TypeResolveFn<'InvalidCredentialsProblem' | 'SessionsEnded' | 'TooManyAttemptsProblem' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type EmailTakenProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EmailTakenProblem'] = ResolversParentTypes['EmailTakenProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type FieldFaultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FieldFault'] = ResolversParentTypes['FieldFault']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type InvalidCredentialsProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvalidCredentialsProblem'] = ResolversParentTypes['InvalidCredentialsProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InvalidRefreshTokenProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvalidRefreshTokenProblem'] = ResolversParentTypes['InvalidRefreshTokenProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LoginResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LoginResult'] = ResolversParentTypes['LoginResult']> = {
  __resolveType?: TypeResolveFn<'InvalidCredentialsProblem' | 'Session' | 'TooManyAttemptsProblem', ParentType, ContextType>;
};

export type LogoutResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LogoutResult'] = ResolversParentTypes['LogoutResult']> = {
  __resolveType?: TypeResolveFn<'SessionsEnded' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  changePassword?: Resolver<ResolversTypes['ChangePasswordResult'], ParentType, ContextType, RequireFields<MutationChangePasswordArgs, 'input'>>;
  login?: Resolver<ResolversTypes['LoginResult'], ParentType, ContextType, RequireFields<MutationLoginArgs, 'input'>>;
  logout?: Resolver<ResolversTypes['LogoutResult'], ParentType, ContextType, Partial<MutationLogoutArgs>>;
  logoutEverywhere?: Resolver<ResolversTypes['LogoutResult'], ParentType, ContextType>;
  refreshSession?: Resolver<ResolversTypes['RefreshSessionResult'], ParentType, ContextType, RequireFields<MutationRefreshSessionArgs, 'input'>>;
  register?: Resolver<ResolversTypes['RegisterResult'], ParentType, ContextType, RequireFields<MutationRegisterArgs, 'input'>>;
  revokeSession?: Resolver<ResolversTypes['RevokeSessionResult'], ParentType, ContextType, RequireFields<MutationRevokeSessionArgs, 'input'>>;
  updateProfile?: Resolver<ResolversTypes['UpdateProfileResult'], ParentType, ContextType, RequireFields<MutationUpdateProfileArgs, 'input'>>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Problem'] = ResolversParentTypes['Problem']> = {
  __resolveType?: TypeResolveFn<'EmailTakenProblem' | 'InvalidCredentialsProblem' | 'InvalidRefreshTokenProblem' | 'SessionNotFoundProblem' | 'TooManyAttemptsProblem' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  activeSessions?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType, RequireFields<QueryActiveSessionsArgs, 'ids'>>;
  me?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  sessionRevocations?: Resolver<ResolversTypes['SessionRevocations'], ParentType, ContextType, Partial<QuerySessionRevocationsArgs>>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<QueryUserArgs, 'id'>>;
};

export type RefreshSessionResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefreshSessionResult'] = ResolversParentTypes['RefreshSessionResult']> = {
  __resolveType?: TypeResolveFn<'InvalidRefreshTokenProblem' | 'Session' | 'TooManyAttemptsProblem', ParentType, ContextType>;
};

export type RegisterResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RegisterResult'] = ResolversParentTypes['RegisterResult']> = {
  __resolveType?: TypeResolveFn<'EmailTakenProblem' | 'Session' | 'TooManyAttemptsProblem' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export type RevokeSessionResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeSessionResult'] = ResolversParentTypes['RevokeSessionResult']> = {
  __resolveType?: TypeResolveFn<'SessionNotFoundProblem' | 'SessionsEnded', ParentType, ContextType>;
};

export type SessionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session']> = {
  accessToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  accessTokenExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  refreshToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  refreshTokenExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SessionNotFoundProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SessionNotFoundProblem'] = ResolversParentTypes['SessionNotFoundProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SessionRevocationsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SessionRevocations'] = ResolversParentTypes['SessionRevocations']> = {
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  ids?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  issuedBefore?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  keepMs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SessionsEndedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SessionsEnded'] = ResolversParentTypes['SessionsEnded']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TooManyAttemptsProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TooManyAttemptsProblem'] = ResolversParentTypes['TooManyAttemptsProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quota?: Resolver<Maybe<ResolversTypes['AttemptQuota']>, ParentType, ContextType>;
  retryAfterSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateProfileResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateProfileResult'] = ResolversParentTypes['UpdateProfileResult']> = {
  __resolveType?: TypeResolveFn<'User' | 'ValidationFailedProblem', ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
  sessions?: Resolver<ReadonlyArray<ResolversTypes['ActiveSession']>, ParentType, ContextType>;
  sessionsConnection?: Resolver<ResolversTypes['ActiveSessionConnection'], ParentType, ContextType, Partial<UserSessionsConnectionArgs>>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ValidationFailedProblemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ValidationFailedProblem'] = ResolversParentTypes['ValidationFailedProblem']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fields?: Resolver<ReadonlyArray<ResolversTypes['FieldFault']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  ActiveSession?: ActiveSessionResolvers<ContextType>;
  ActiveSessionConnection?: ActiveSessionConnectionResolvers<ContextType>;
  ActiveSessionEdge?: ActiveSessionEdgeResolvers<ContextType>;
  AttemptQuota?: AttemptQuotaResolvers<ContextType>;
  ChangePasswordResult?: ChangePasswordResultResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  EmailTakenProblem?: EmailTakenProblemResolvers<ContextType>;
  FieldFault?: FieldFaultResolvers<ContextType>;
  InvalidCredentialsProblem?: InvalidCredentialsProblemResolvers<ContextType>;
  InvalidRefreshTokenProblem?: InvalidRefreshTokenProblemResolvers<ContextType>;
  LoginResult?: LoginResultResolvers<ContextType>;
  LogoutResult?: LogoutResultResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Problem?: ProblemResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RefreshSessionResult?: RefreshSessionResultResolvers<ContextType>;
  RegisterResult?: RegisterResultResolvers<ContextType>;
  RevokeSessionResult?: RevokeSessionResultResolvers<ContextType>;
  Session?: SessionResolvers<ContextType>;
  SessionNotFoundProblem?: SessionNotFoundProblemResolvers<ContextType>;
  SessionRevocations?: SessionRevocationsResolvers<ContextType>;
  SessionsEnded?: SessionsEndedResolvers<ContextType>;
  TooManyAttemptsProblem?: TooManyAttemptsProblemResolvers<ContextType>;
  UpdateProfileResult?: UpdateProfileResultResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  ValidationFailedProblem?: ValidationFailedProblemResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  auth?: AuthDirectiveResolver<any, any, ContextType>;
};
